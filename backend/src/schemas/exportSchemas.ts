import { CSV_PROFILES, type CsvProfile } from '@stenograf/contracts/exportRecords';
import Joi from 'joi';
import { idParameter, readText, scopeDates } from './parameters';

const COMMUNITIES_MAX = 100;

// Stored communities are known by id: a short name may belong to another one today.
const parseCommunity = (text: string): number | null => {
  const id = Number(/^(?:-|club|public|event)?([1-9]\d{0,15})$/.exec(text)?.[1]);
  return Number.isSafeInteger(id) ? id : null;
};

const community = readText(parseCommunity, 'Must be the id of a community, such as 1 or club1.');

export interface ExportQuery {
  task?: number;
  /** Positive ids; the parameter may be given several times. */
  community?: number[];
  since?: string;
  until?: string;
  /** CSV only. */
  profile?: CsvProfile;
}

const filters = {
  task: idParameter,
  community: Joi.array()
    .items(community)
    .single()
    .max(COMMUNITIES_MAX)
    .messages({
      'array.max': `Must be given ${COMMUNITIES_MAX} times or fewer.`,
    }),
  ...scopeDates,
};

export const exportQuery = Joi.object<ExportQuery>(filters);

export const csvQuery = Joi.object<ExportQuery>({
  ...filters,
  profile: Joi.string().valid(...CSV_PROFILES),
});
