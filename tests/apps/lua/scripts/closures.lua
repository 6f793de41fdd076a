-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Closures: counters, objects with private state, memoised and curried functions, lazy lists, event handlers, parser
-- combinators.
-- heap: 85900 bytes

local function counter(start)
    local value = start
    return function(step)
        value = value + (step or 1)
        return value
    end
end

local counters = {}
for index = 1, 40 do
    counters[index] = counter(index * 10)
end
local total = 0
for round = 1, 5 do
    for _, step in ipairs(counters) do
        total = total + step(round)
    end
end
print(total)

local function account(balance)
    local history = {}
    local self = {}
    function self.deposit(amount)
        balance = balance + amount
        history[#history + 1] = "+" .. amount
        return self
    end
    function self.withdraw(amount)
        if amount > balance then
            error("only " .. balance .. " left", 0)
        end
        balance = balance - amount
        history[#history + 1] = "-" .. amount
        return self
    end
    function self.describe()
        return balance .. ": " .. table.concat(history, " ")
    end
    return self
end

local accounts = {}
for index = 1, 25 do
    accounts[index] = account(index).deposit(100).withdraw(index * 3)
end
print(accounts[1].describe(), accounts[25].describe(), pcall(accounts[3].withdraw, 1000))

local function memoise(work)
    local known = {}
    return function(argument)
        local result = known[argument]
        if result == nil then
            result = work(argument)
            known[argument] = result
        end
        return result
    end
end

local fibonacci
fibonacci = memoise(function(n)
    return n < 2 and n or fibonacci(n - 1) + fibonacci(n - 2)
end)
print(fibonacci(80))

local function compose(...)
    local functions = { ... }
    return function(value)
        for _, step in ipairs(functions) do
            value = step(value)
        end
        return value
    end
end

local function plus(a)
    return function(b)
        return a + b
    end
end

local chain = plus(0)
for index = 1, 30 do
    chain = compose(chain, plus(index))
end
print(chain(1))

local function lazy(value, rest)
    local forced
    return {
        value = value,
        rest = function()
            forced = forced or rest()
            return forced
        end,
    }
end

local function from(number)
    return lazy(number, function() return from(number + 1) end)
end

local function filter(list, wanted)
    while not wanted(list.value) do
        list = list.rest()
    end
    return lazy(list.value, function() return filter(list.rest(), wanted) end)
end

local function sieve(list)
    local prime = list.value
    return lazy(prime, function()
        return sieve(filter(list.rest(), function(number) return number % prime ~= 0 end))
    end)
end

local list, found = sieve(from(2)), {}
for index = 1, 25 do
    found[index] = list.value
    list = list.rest()
end
print(table.concat(found, " "))
list = nil

local handlers = {}
local function on(event, handler)
    handlers[event] = handlers[event] or {}
    table.insert(handlers[event], handler)
    return function()
        for index, known in ipairs(handlers[event]) do
            if known == handler then
                table.remove(handlers[event], index)
            end
        end
    end
end

local seen, cancel = {}, {}
for index = 1, 60 do
    local name = "event " .. index % 6
    cancel[index] = on(name, function(value)
        seen[name] = (seen[name] or 0) + value * index
    end)
end
for round = 1, 30 do
    for index = 0, 5 do
        for _, handler in ipairs(handlers["event " .. index]) do
            handler(round)
        end
    end
    cancel[round * 2]()
end
for index = 0, 5 do
    print("event " .. index, seen["event " .. index], #handlers["event " .. index])
end

local function match(pattern)
    return function(text, at)
        local first, last = text:find("^%s*" .. pattern, at)
        if first then
            return text:sub(first, last):match("%S.*"), last + 1
        end
    end
end

local function either(...)
    local choices = { ... }
    return function(text, at)
        for _, choice in ipairs(choices) do
            local value, after = choice(text, at)
            if after then
                return value, after
            end
        end
    end
end

local function fold(operand, operator, apply)
    return function(text, at)
        local value, after = operand(text, at)
        while after do
            local sign, next_at = operator(text, after)
            if not next_at then
                break
            end
            local right, last = operand(text, next_at)
            if not last then
                break
            end
            value, after = apply(sign, value, right), last
        end
        return value, after
    end
end

local function calculate(sign, a, b)
    if sign == "+" then return a + b end
    if sign == "-" then return a - b end
    if sign == "*" then return a * b end
    return a // b
end

local sum
local number_parser = match("%d+")
local function number(text, at)
    local value, after = number_parser(text, at)
    return math.tointeger(value), after
end
local open, close = match("%("), match("%)")
local function group(text, at)
    local _, after = open(text, at)
    if after then
        local value, last = sum(text, after)
        local _, closed = close(text, last)
        return value, closed
    end
end
local product = fold(either(number, group), match("[*/]"), calculate)
sum = fold(product, match("[+-]"), calculate)

local expression = "1"
for index = 2, 30 do
    expression = index % 4 == 0 and "(" .. expression .. ") * 2" or expression .. " + " .. index .. " * (7 - 3)"
end
print(#expression, (sum(expression, 1)))
