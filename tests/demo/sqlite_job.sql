-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A job for an unmodified sqlite3: fills a database in memory, asks it, and closes it. The shell that .system starts
-- notes the resident memory of its parent.
.system grep '^VmRSS:' /proc/$PPID/status >> "$MOMENTS"
ATTACH ':memory:' AS work;
CREATE TABLE work.sample (id INTEGER PRIMARY KEY, sensor TEXT, value REAL, note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO work.sample
    SELECT i, 'sensor-' || (i * 7919 % 97), (i * 104729 % 10007) / 100.0, hex(i * 2654435761 % 4294967296) FROM n;
CREATE INDEX work.by_sensor ON sample (sensor, value);
SELECT count(*), count(DISTINCT sensor), round(sum(value), 2) FROM work.sample;
SELECT sensor, count(*), min(value), max(value) FROM work.sample GROUP BY sensor ORDER BY 2 DESC, 1 LIMIT 5;
DELETE FROM work.sample WHERE id % 3 = 0;
UPDATE work.sample SET note = note || note WHERE id % 5 = 0;
SELECT count(*), sum(length(note)) FROM work.sample;
.system grep '^VmRSS:' /proc/$PPID/status >> "$MOMENTS"
DETACH work;
SELECT 'closed';
.system grep '^VmRSS:' /proc/$PPID/status >> "$MOMENTS"
