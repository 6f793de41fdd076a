-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Tables that come and go: a cache, a queue, sparse matrices, records that are sorted and grouped, and what the
-- garbage collector has to do with it.
-- heap: 68800 bytes

local Cache = {}
Cache.__index = Cache

function Cache.new(capacity)
    local cache = setmetatable({ capacity = capacity, size = 0, entries = {}, hits = 0, misses = 0 }, Cache)
    cache.first = {}
    cache.last = { previous = cache.first }
    cache.first.next = cache.last
    return cache
end

local function unlink(entry)
    entry.previous.next, entry.next.previous = entry.next, entry.previous
end

function Cache:to_front(entry)
    entry.previous, entry.next = self.first, self.first.next
    self.first.next.previous = entry
    self.first.next = entry
end

function Cache:get(key, make)
    local entry = self.entries[key]
    if entry then
        self.hits = self.hits + 1
        unlink(entry)
    else
        self.misses = self.misses + 1
        if self.size == self.capacity then
            local oldest = self.last.previous
            unlink(oldest)
            self.entries[oldest.key] = nil
            self.size = self.size - 1
        end
        entry = { key = key, value = make(key) }
        self.entries[key] = entry
        self.size = self.size + 1
    end
    self:to_front(entry)
    return entry.value
end

local state = 7
local function random(limit)
    state = (state * 16807) % 2147483647
    return state % limit + 1
end

local cache = Cache.new(40)
local sum = 0
for _ = 1, 1500 do
    local key = "page " .. (random(10) * random(12))
    sum = sum + #cache:get(key, function(name)
        return { name, name:upper(), name:rep(random(4)) }
    end)[3]
end
print(cache.hits, cache.misses, cache.size, sum)

local queue, head, tail, served = {}, 1, 0, 0
for round = 1, 400 do
    for _ = 1, random(5) do
        tail = tail + 1
        queue[tail] = { round = round, work = random(9) }
    end
    for _ = 1, random(6) do
        if head <= tail then
            served = served + queue[head].work
            queue[head] = nil
            head = head + 1
        end
    end
end
print(served, tail - head + 1)
cache, queue = nil, nil

local function matrix(size, density)
    local rows = {}
    for row = 1, size do
        rows[row] = {}
        for column = 1, size do
            if random(100) <= density then
                rows[row][column] = random(9)
            end
        end
    end
    return rows
end

local function multiply(a, b)
    local product = {}
    for row, cells in pairs(a) do
        product[row] = {}
        for middle, left in pairs(cells) do
            for column, right in pairs(b[middle]) do
                product[row][column] = (product[row][column] or 0) + left * right
            end
        end
    end
    return product
end

local power = matrix(18, 20)
for exponent = 2, 4 do
    power = multiply(power, matrix(18, 20))
    local cells, total = 0, 0
    for _, row in pairs(power) do
        for _, cell in pairs(row) do
            cells, total = cells + 1, total + cell
        end
    end
    print(exponent, cells, total)
end
power = nil

local records = {}
for number = 1, 150 do
    records[number] = { number = number, group = ("g%d"):format(random(8)), weight = random(1000) / 8 }
end
table.sort(records, function(a, b)
    return a.weight > b.weight or a.weight == b.weight and a.number < b.number
end)
local groups, names = {}, {}
for _, record in ipairs(records) do
    local group = groups[record.group]
    if not group then
        group = {}
        groups[record.group] = group
        names[#names + 1] = record.group
    end
    table.insert(group, record)
end
table.sort(names)
for _, name in ipairs(names) do
    local heaviest = groups[name][1]
    print(name, #groups[name], heaviest.number, heaviest.weight)
end

local watched = setmetatable({}, { __mode = "v" })
local finalised = 0
for index = 1, 20 do
    local object = setmetatable({ index }, { __gc = function() finalised = finalised + 1 end })
    watched[index] = object
    if index % 4 == 0 then
        records[index].keeps = object
    end
end
collectgarbage()
local alive = 0
for _ in pairs(watched) do
    alive = alive + 1
end
print(alive, finalised, collectgarbage("count") > 0)
