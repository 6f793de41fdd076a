-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Coroutines: pipelines, a scheduler of tasks that sleep and send messages, generators of permutations and trees.
-- heap: 59800 bytes

local function numbers(limit)
    return coroutine.wrap(function()
        for number = 2, limit do
            coroutine.yield(number)
        end
    end)
end

local function without_multiples(source, divisor)
    return coroutine.wrap(function()
        for number in source do
            if number % divisor ~= 0 then
                coroutine.yield(number)
            end
        end
    end)
end

local function primes(count)
    local found, source = {}, numbers(1000)
    while #found < count do
        local prime = source()
        found[#found + 1] = prime
        source = without_multiples(source, prime)
    end
    return found
end

print(table.concat(primes(20), " "))

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
    return setmetatable({ now = 0, tasks = {}, log = {} }, Scheduler)
end

function Scheduler:start(name, work)
    table.insert(self.tasks, { name = name, wake = self.now, inbox = {}, thread = coroutine.create(work) })
end

function Scheduler:send(name, message)
    for _, task in ipairs(self.tasks) do
        if task.name == name then
            table.insert(task.inbox, message)
        end
    end
end

function Scheduler:step()
    table.sort(self.tasks, function(a, b)
        return a.wake < b.wake or a.wake == b.wake and a.name < b.name
    end)
    local task = self.tasks[1]
    self.now = task.wake
    local good, delay = coroutine.resume(task.thread, self, task)
    if not good then
        table.insert(self.log, ("%4d %s failed: %s"):format(self.now, task.name, tostring(delay)))
    end
    if coroutine.status(task.thread) == "dead" then
        table.insert(self.log, ("%4d %s ended"):format(self.now, task.name))
        table.remove(self.tasks, 1)
    else
        task.wake = self.now + delay
    end
end

local function sensor(scheduler, task)
    for reading = 1, 12 do
        scheduler:send("logger", { from = task.name, value = reading * #task.name })
        coroutine.yield(#task.name)
    end
    if task.name == "light" then
        error("out of batteries", 0)
    end
end

local function logger(scheduler, task)
    for _ = 1, 20 do
        local sum = 0
        for _, message in ipairs(task.inbox) do
            sum = sum + message.value
        end
        table.insert(scheduler.log, ("%4d %d messages, sum %d"):format(scheduler.now, #task.inbox, sum))
        task.inbox = {}
        coroutine.yield(7)
    end
end

local scheduler = Scheduler.new()
scheduler:start("logger", logger)
for _, name in ipairs { "temperature", "light", "pressure", "wind", "rain", "humidity", "uv", "soil" } do
    scheduler:start(name, sensor)
end
while #scheduler.tasks > 0 do
    scheduler:step()
end
print(table.concat(scheduler.log, "\n"))

local function permute(items, count)
    count = count or #items
    if count <= 1 then
        coroutine.yield(table.concat(items))
    else
        for index = 1, count do
            items[count], items[index] = items[index], items[count]
            permute(items, count - 1)
            items[count], items[index] = items[index], items[count]
        end
    end
end

local permutations = {}
for text in coroutine.wrap(function() permute { "a", "b", "c", "d", "e" } end) do
    permutations[#permutations + 1] = text
end
table.sort(permutations)
print(#permutations, permutations[1], permutations[60], permutations[#permutations])

local function insert(tree, key)
    if not tree then
        return { key = key }
    elseif key < tree.key then
        tree.left = insert(tree.left, key)
    else
        tree.right = insert(tree.right, key)
    end
    return tree
end

local function walk(tree)
    if tree then
        walk(tree.left)
        coroutine.yield(tree.key)
        walk(tree.right)
    end
end

local left, right
for index = 1, 60 do
    left = insert(left, index * 37 % 101)
    right = insert(right, index * 53 % 103)
end
local next_left = coroutine.wrap(function() walk(left) end)
local next_right = coroutine.wrap(function() walk(right) end)
local a, b, common = next_left(), next_right(), {}
while a and b do
    if a == b then
        common[#common + 1] = a
        a, b = next_left(), next_right()
    elseif a < b then
        a = next_left()
    else
        b = next_right()
    end
end
print(#common, table.concat(common, " "))
