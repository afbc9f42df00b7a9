import type { Sequelize } from 'sequelize';

/**
 * Triggers that note what must never be: a worker that moves a walk of a target which another one
 * claimed last, a target or a task that goes backwards. Connections of workers bear their names.
 */
const WITNESSES = `
CREATE TABLE chaos_claims (target_id bigint, epoch int, holder text, PRIMARY KEY (target_id, epoch));
CREATE TABLE chaos_breaches (what text NOT NULL);

CREATE FUNCTION chaos_see_target() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch < OLD.epoch THEN
    INSERT INTO chaos_breaches VALUES (format('the epoch of target %s fell', NEW.id));
  END IF;
  IF OLD.status = 'completed' AND NEW.status <> 'completed' THEN
    INSERT INTO chaos_breaches VALUES (format('target %s was completed and is %s', NEW.id, NEW.status));
  END IF;
  IF NEW.epoch > OLD.epoch AND NEW.status = 'running' THEN
    INSERT INTO chaos_claims VALUES (NEW.id, NEW.epoch, current_setting('application_name'));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_see_target AFTER UPDATE ON targets
  FOR EACH ROW EXECUTE FUNCTION chaos_see_target();

CREATE FUNCTION chaos_see_walk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mover text := current_setting('application_name');
  claimed record;
BEGIN
  IF mover NOT LIKE 'worker%' THEN RETURN NULL; END IF;
  SELECT targets.epoch, holder INTO claimed FROM targets
    LEFT JOIN chaos_claims ON target_id = targets.id AND chaos_claims.epoch = targets.epoch
    WHERE targets.id = NEW.target_id;
  IF claimed.holder IS DISTINCT FROM mover THEN
    INSERT INTO chaos_breaches VALUES (format('%s wrote walk %s, whose target is at epoch %s of %s',
      mover, NEW.id, claimed.epoch, coalesce(claimed.holder, 'nobody')));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_see_walk AFTER INSERT OR UPDATE ON walks
  FOR EACH ROW EXECUTE FUNCTION chaos_see_walk();

CREATE FUNCTION chaos_see_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.progress > 1 OR (NEW.progress < OLD.progress AND OLD.status NOT IN ('partial', 'failed')) THEN
    INSERT INTO chaos_breaches
      VALUES (format('progress of task %s went from %s to %s', NEW.id, OLD.progress, NEW.progress));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_see_task AFTER UPDATE ON tasks
  FOR EACH ROW EXECUTE FUNCTION chaos_see_task();
`;

/** Puts witnesses into a test's own database. */
export const callWitnesses = async (sequelize: Sequelize): Promise<void> => {
  await sequelize.query(WITNESSES);
};
