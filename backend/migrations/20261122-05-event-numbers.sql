-- Events are numbered within their task. An identity value is drawn before its transaction commits,
-- so that a reader who remembers the highest one it saw may miss a lower one that commits later. The
-- number is drawn under the lock of the task's row instead: whoever sees number N sees all before it.

ALTER TABLE tasks ADD COLUMN events_total integer NOT NULL DEFAULT 0;
ALTER TABLE task_events ADD COLUMN number integer;

UPDATE task_events SET number = numbered.number
FROM (SELECT id, row_number() OVER (PARTITION BY task_id ORDER BY id) AS number
  FROM task_events) AS numbered
WHERE task_events.id = numbered.id;
UPDATE tasks SET events_total = (SELECT count(*) FROM task_events WHERE task_id = tasks.id);

ALTER TABLE task_events ALTER COLUMN number SET NOT NULL;
DROP INDEX task_events_by_task;
CREATE UNIQUE INDEX task_events_by_task ON task_events (task_id, number);

-- A trigger, so that no writer can forget it. Writers lock targets before their task already.
CREATE FUNCTION number_task_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tasks SET events_total = events_total + 1 WHERE id = NEW.task_id
    RETURNING events_total INTO NEW.number;
  RETURN NEW;
END
$$;
CREATE TRIGGER task_events_number BEFORE INSERT ON task_events
  FOR EACH ROW EXECUTE FUNCTION number_task_event();
