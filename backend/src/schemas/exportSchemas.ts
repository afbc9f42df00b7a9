import {
  CSV_PROFILES,
  type CsvProfile,
  type ExportFormat,
  type ExportKind,
} from '@stenograf/contracts/exportRecords';
import { COMMENT_SORTS, POST_SORTS } from '@stenograf/contracts/reading';
import Joi from 'joi';
import type { RecordSort } from '../repositories/recordOrders';
import type { RecordFilterQuery } from '../services/searching/recordFilterService';
import { commentFilters, postFilters } from './recordFilterSchemas';

export type ExportQuery = RecordFilterQuery & {
  /** Absent: in the order of the keys. Not for `all`, whose kinds have no order in common. */
  sort?: RecordSort;
  /** CSV only. */
  profile?: CsvProfile;
};

const FILTERS = {
  posts: { ...postFilters, sort: Joi.string().valid(...POST_SORTS) },
  comments: { ...commentFilters, sort: Joi.string().valid(...COMMENT_SORTS) },
  all: postFilters,
} satisfies Record<ExportKind, object>;

/** The filters of the list of the same name; an export of everything chooses posts. */
export const exportQueryOf = (
  kind: ExportKind,
  format: ExportFormat,
): Joi.ObjectSchema<ExportQuery> =>
  Joi.object<ExportQuery>({
    ...FILTERS[kind],
    ...(format === 'csv' && { profile: Joi.string().valid(...CSV_PROFILES) }),
  });
