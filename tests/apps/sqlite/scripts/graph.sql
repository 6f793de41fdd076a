-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A network of roads: recursive queries for trees and shortest ways, a set of puzzles solved by joins.
-- heap: 47600 bytes

CREATE TABLE roads(a TEXT, b TEXT, length INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;
INSERT INTO roads VALUES
    ('Ash', 'Bay', 4), ('Ash', 'Coe', 2), ('Bay', 'Dee', 5), ('Coe', 'Bay', 1), ('Coe', 'Dee', 8), ('Coe', 'Esk', 10),
    ('Dee', 'Esk', 2), ('Dee', 'Fal', 6), ('Esk', 'Fal', 3), ('Fal', 'Gap', 1), ('Esk', 'Gap', 7), ('Gap', 'Hay', 4);
INSERT INTO roads SELECT b, a, length + 1 FROM roads;

WITH RECURSIVE ways(place, path, length) AS (
    SELECT 'Ash', 'Ash', 0
    UNION ALL
    SELECT r.b, path || ' ' || r.b, w.length + r.length FROM ways w JOIN roads r ON r.a = w.place
        WHERE instr(path, r.b) = 0
)
SELECT place, min(length), path, count(*) FROM ways GROUP BY place ORDER BY 2;

CREATE TABLE staff(id INTEGER PRIMARY KEY, name TEXT, boss INTEGER);
CREATE INDEX staff_by_boss ON staff(boss);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO staff SELECT i, char(65 + i % 26) || char(97 + i * 7 % 26) || char(97 + i * 3 % 26), i / 3 FROM n;

WITH RECURSIVE tree(id, name, level, path) AS (
    SELECT id, name, 0, printf('%03d', id) FROM staff WHERE boss = 0
    UNION ALL
    SELECT s.id, s.name, t.level + 1, t.path || printf('.%03d', s.id) FROM staff s JOIN tree t ON s.boss = t.id
)
SELECT substr('..........', 1, level * 2) || name, path FROM tree ORDER BY path LIMIT 25;

WITH RECURSIVE up(id, boss, depth) AS (
    SELECT id, boss, 1 FROM staff
    UNION ALL
    SELECT up.id, s.boss, depth + 1 FROM up JOIN staff s ON s.id = up.boss
)
SELECT depth, count(*) FROM (SELECT id, max(depth) AS depth FROM up GROUP BY id) GROUP BY depth;

WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
SELECT group_concat(i, ' ') FROM n WHERE NOT EXISTS (SELECT 1 FROM n AS m WHERE m.i * m.i <= n.i AND n.i % m.i = 0);

WITH digits(d) AS (VALUES(1), (2), (3), (4), (5), (6))
SELECT count(*), min(a.d || b.d || c.d || d.d || e.d || f.d)
    FROM digits a, digits b, digits c, digits d, digits e, digits f
    WHERE b.d NOT IN (a.d) AND c.d NOT IN (a.d, b.d) AND d.d NOT IN (a.d, b.d, c.d)
        AND e.d NOT IN (a.d, b.d, c.d, d.d) AND f.d NOT IN (a.d, b.d, c.d, d.d, e.d)
        AND abs(a.d - b.d) <> 1 AND abs(b.d - c.d) <> 1 AND abs(c.d - d.d) <> 1 AND abs(d.d - e.d) <> 1
        AND abs(e.d - f.d) <> 1 AND abs(a.d - c.d) <> 2 AND abs(b.d - d.d) <> 2 AND abs(c.d - e.d) <> 2;
