-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A log of readings that keeps the newest: lots are inserted, the oldest deleted, and the rest is summed up, by and by.
-- heap: 94400 bytes

CREATE TABLE readings(at INTEGER, sensor TEXT, value REAL, note TEXT);
CREATE INDEX readings_by_time ON readings(at);
CREATE INDEX readings_by_sensor ON readings(sensor, at);
CREATE TABLE hours(hour INTEGER, sensor TEXT, count INTEGER, mean REAL, low REAL, high REAL, PRIMARY KEY(hour, sensor))
    WITHOUT ROWID;

CREATE TABLE clock(now INTEGER);
INSERT INTO clock VALUES(0);

CREATE TRIGGER lot AFTER UPDATE ON clock BEGIN
    INSERT INTO readings
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
        SELECT old.now + i * 30, 'sensor ' || (i * 7 % 5), (i * 31 + old.now / 60) % 97 / 4.0,
            CASE WHEN i % 11 = 0 THEN 'calibrated at ' || (old.now + i) END
        FROM n;
    INSERT OR REPLACE INTO hours
        SELECT at / 3600, sensor, count(*), avg(value), min(value), max(value) FROM readings
        WHERE at >= old.now GROUP BY 1, 2;
    DELETE FROM readings WHERE at < old.now - 1800;
END;

UPDATE clock SET now = now + 3600;
UPDATE clock SET now = now + 3600;
SELECT 'two hours', count(*), min(at), max(at) FROM readings;
UPDATE clock SET now = now + 3600;
UPDATE clock SET now = now + 3600;
UPDATE clock SET now = now + 3600;
SELECT 'five hours', count(*), min(at), max(at) FROM readings;

SELECT 'hour', hour, sensor, count, round(mean, 3), low, high FROM hours ORDER BY hour, sensor;
SELECT 'last', sensor, max(at), value, note FROM readings GROUP BY sensor;
SELECT 'note', count(note), max(length(note)), min(note) FROM readings;
SELECT 'rising', count(*) FROM readings a JOIN readings b ON b.sensor = a.sensor AND b.at = a.at + 150
    WHERE b.value > a.value;

DELETE FROM readings WHERE sensor = 'sensor 2';
SELECT 'without one', sensor, count(*), round(avg(value), 2) FROM readings GROUP BY sensor;
DELETE FROM readings;
SELECT 'empty', count(*), (SELECT sum(count) FROM hours) FROM readings;
