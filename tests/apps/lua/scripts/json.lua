-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A JSON reader and writer, and documents that go through both and come out the same.
-- heap: 87200 bytes

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }
local unescapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }

local function is_array(value)
    return value[1] ~= nil or next(value) == nil
end

local write

local function write_members(value, parts)
    local keys = {}
    for key in pairs(value) do
        keys[#keys + 1] = key
    end
    table.sort(keys)
    for index, key in ipairs(keys) do
        parts[#parts + 1] = index > 1 and "," or ""
        write(key, parts)
        parts[#parts + 1] = ":"
        write(value[key], parts)
    end
end

function write(value, parts)
    if type(value) == "string" then
        parts[#parts + 1] = '"' .. value:gsub('[%c"\\]', escapes) .. '"'
    elseif type(value) ~= "table" then
        parts[#parts + 1] = tostring(value)
    elseif is_array(value) then
        parts[#parts + 1] = "["
        for index, element in ipairs(value) do
            parts[#parts + 1] = index > 1 and "," or ""
            write(element, parts)
        end
        parts[#parts + 1] = "]"
    else
        parts[#parts + 1] = "{"
        write_members(value, parts)
        parts[#parts + 1] = "}"
    end
end

local function encode(value)
    local parts = {}
    write(value, parts)
    return table.concat(parts)
end

local read

local function skip(text, at)
    return text:find("%S", at) or #text + 1
end

local function expect(text, at, character)
    at = skip(text, at)
    if text:sub(at, at) ~= character then
        error(("expected '%s' at %d"):format(character, at), 0)
    end
    return at + 1
end

local function read_string(text, at)
    local parts = {}
    while true do
        local stop = text:find('["\\]', at)
        if not stop then
            error("a string without an end", 0)
        end
        parts[#parts + 1] = text:sub(at, stop - 1)
        if text:sub(stop, stop) == '"' then
            return table.concat(parts), stop + 1
        end
        local letter = text:sub(stop + 1, stop + 1)
        if letter == "u" then
            parts[#parts + 1] = utf8.char(tonumber(text:sub(stop + 2, stop + 5), 16))
            at = stop + 6
        else
            parts[#parts + 1] = unescapes[letter] or letter
            at = stop + 2
        end
    end
end

local function read_list(text, at, close, add)
    at = skip(text, at)
    if text:sub(at, at) == close then
        return at + 1
    end
    while true do
        at = skip(text, add(at))
        if text:sub(at, at) == close then
            return at + 1
        end
        at = expect(text, at, ",")
    end
end

local words = { ["true"] = true, ["false"] = false }

function read(text, at)
    at = skip(text, at)
    local first = text:sub(at, at)
    if first == '"' then
        return read_string(text, at + 1)
    elseif first == "[" then
        local array = {}
        return array, read_list(text, at + 1, "]", function(place)
            local element, after = read(text, place)
            array[#array + 1] = element
            return after
        end)
    elseif first == "{" then
        local object = {}
        return object, read_list(text, at + 1, "}", function(place)
            local key, after = read_string(text, expect(text, place, '"'))
            object[key], after = read(text, expect(text, after, ":"))
            return after
        end)
    end
    local word = text:match("^%a+", at)
    if word then
        if words[word] == nil then
            error("what is '" .. word .. "'?", 0)
        end
        return words[word], at + #word
    end
    local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
    if not number then
        error("nothing that can be read at " .. at, 0)
    end
    return math.tointeger(number) or tonumber(number), at + #number
end

local function sensor(number)
    return {
        name = "sensor " .. number,
        unit = number % 3 == 0 and "°C" or "hPa",
        active = number % 2 == 0,
        limits = { number * 0.5, number * 12 },
        readings = {},
        note = 'a "quoted"\tword\\' .. number,
    }
end

local network = { name = "field", version = 3, gateways = { "north", "south" }, sensors = {} }
for number = 1, 9 do
    local one = sensor(number)
    for reading = 1, number % 7 do
        one.readings[reading] = { at = reading * 60, value = reading * number / 4 }
    end
    network.sensors[number] = one
end

local text = encode(network)
print(#text, text:sub(1, 200))
network = nil

for round = 1, 4 do
    local document = read(text, 1)
    document.version = document.version + 1
    local again = encode(document)
    print(round, #again, #document.sensors, document.sensors[round * 2].name, again == text)
    text = again
end

print(encode(read('[1, 2.5, -3e2, {"a": [], "b": {"c": "\\u00e9\\n"}}, true, false]', 1)))
for _, wrong in ipairs { "[1, 2", '{"a" 1}', '"open', "[nil]", "" } do
    print(pcall(read, wrong, 1))
end
