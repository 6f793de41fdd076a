-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Building strings: a text is generated, its words counted, wrapped, searched, and made into a table.
-- heap: 84200 bytes

local syllables = { "ka", "lo", "mi", "ran", "tes", "u", "vor", "shi", "ne", "dal", "o", "quin" }
local state = 42

local function random(limit)
    state = (state * 1103515245 + 12345) % 2147483648
    return state // 65536 % limit + 1
end

local function word()
    local parts = {}
    for index = 1, random(3) do
        parts[index] = syllables[random(#syllables)]
    end
    return table.concat(parts)
end

local function sentence()
    local words = {}
    for index = 1, 4 + random(9) do
        words[index] = word()
    end
    local text = table.concat(words, " ")
    return text:sub(1, 1):upper() .. text:sub(2) .. "."
end

local function count(text)
    local counts, order = {}, {}
    for found in text:lower():gmatch("%a+") do
        if not counts[found] then
            order[#order + 1] = found
        end
        counts[found] = (counts[found] or 0) + 1
    end
    table.sort(order, function(a, b)
        return counts[a] > counts[b] or counts[a] == counts[b] and a < b
    end)
    return counts, order
end

local function wrap(text, width)
    local lines, line = {}, ""
    for found in text:gmatch("%S+") do
        if #line + #found + 1 > width then
            lines[#lines + 1] = line
            line = found
        else
            line = line == "" and found or line .. " " .. found
        end
    end
    lines[#lines + 1] = line
    return lines
end

local text = ""
for _ = 1, 24 do
    text = text .. sentence() .. " "
end
print(#text)

local counts, order = count(text)
print(#order)
for rank = 1, 12 do
    print(("%2d  %-12s %4d  %s"):format(rank, order[rank], counts[order[rank]], ("*"):rep(counts[order[rank]])))
end

for width = 60, 30, -10 do
    local lines = wrap(text, width)
    local longest = 0
    for _, line in ipairs(lines) do
        longest = math.max(longest, #line)
    end
    print(width, #lines, longest, lines[#lines // 2])
end

local changed, replaced = text:gsub("(%a)(%a*)", function(first, rest)
    return #rest > 5 and rest .. first or nil
end)
print(replaced, #changed, changed:sub(1, 150))

local rows = {}
for index, found in ipairs(order) do
    rows[#rows + 1] = ("<tr><td>%s</td><td>%d</td><td>%.3f</td></tr>"):format(found, counts[found], #found / index)
end
local page = "<table>\n" .. table.concat(rows, "\n") .. "\n</table>"
print(#page, select(2, page:gsub("<td>", "")))

local checksum = 0
for place = 1, #page do
    checksum = (checksum * 31 + page:byte(place)) % 65521
end
print(checksum, page:reverse():sub(1, 20))
