/** Assignments that open a walk again at the start of its list, as if it had never been read. */
export const FROM_START = `state = 'open', reason_kind = NULL, reason_code = NULL, finished_at = NULL,
  position = 0, anchors = '{}', memory = '{}', stored = 0, inline_stored = 0, stubs = 0,
  vanished = 0, unlisted = NULL`;
