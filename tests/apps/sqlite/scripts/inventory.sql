-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A warehouse: tables with indexes, orders that join them, updates and deletes.
-- heap: 48100 bytes

CREATE TABLE suppliers(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, city TEXT);
CREATE TABLE parts(id INTEGER PRIMARY KEY, name TEXT NOT NULL, supplier INTEGER REFERENCES suppliers, price INTEGER);
CREATE TABLE orders(id INTEGER PRIMARY KEY, part INTEGER REFERENCES parts, amount INTEGER, day INTEGER);
CREATE INDEX parts_by_supplier ON parts(supplier, price);
CREATE INDEX orders_by_part ON orders(part);

INSERT INTO suppliers(name, city) VALUES
    ('Acorn', 'Bath'), ('Birch', 'Leeds'), ('Cedar', 'York'), ('Elder', 'Hull'), ('Fir', NULL), ('Gorse', 'Bath');

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
INSERT INTO parts(name, supplier, price)
    SELECT printf('%s %03d', CASE i % 4 WHEN 0 THEN 'bolt' WHEN 1 THEN 'nut' WHEN 2 THEN 'washer' ELSE 'screw' END, i),
        i * 7 % 6 + 1, i * 37 % 211 + 5
    FROM n;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO orders(part, amount, day) SELECT i * 52 % 90 + 1, i % 13 + 1, i / 9 FROM n;

SELECT 'orders', count(*), sum(amount), max(day) FROM orders;
SELECT 'turnover', s.name, count(*), sum(o.amount * p.price)
    FROM suppliers s JOIN parts p ON p.supplier = s.id JOIN orders o ON o.part = p.id
    GROUP BY s.id ORDER BY 4 DESC;
SELECT 'cheapest', s.name, min(p.price), p.name FROM parts p JOIN suppliers s ON s.id = p.supplier GROUP BY s.name;
SELECT 'unordered', name FROM parts WHERE id NOT IN (SELECT part FROM orders) ORDER BY name LIMIT 5;

UPDATE parts SET price = price * 11 / 10 WHERE supplier = (SELECT id FROM suppliers WHERE name = 'Cedar');
UPDATE suppliers SET city = 'Ely' WHERE city IS NULL;
SELECT 'dearer', name, price FROM parts WHERE supplier = 3 ORDER BY price DESC LIMIT 4;

DELETE FROM orders WHERE day < 10 AND amount < 5;
DELETE FROM parts WHERE id NOT IN (SELECT part FROM orders);
SELECT 'left', (SELECT count(*) FROM orders), (SELECT count(*) FROM parts),
    (SELECT count(DISTINCT city) FROM suppliers);

SELECT 'week', day / 7, count(*), total(amount), group_concat(DISTINCT amount)
    FROM orders GROUP BY 2 HAVING count(*) > 30 ORDER BY 2;
SELECT 'plan', p.name, coalesce(s.city, '?'), sum(o.amount) AS sold
    FROM orders o LEFT JOIN parts p ON p.id = o.part LEFT JOIN suppliers s ON s.id = p.supplier
    WHERE p.name LIKE 'b%' GROUP BY p.id HAVING sold BETWEEN 20 AND 40 ORDER BY sold, p.name LIMIT 8;
