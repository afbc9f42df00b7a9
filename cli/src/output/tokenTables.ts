import type { QuotaDto, VkTokenCheckDto, VkTokenDto } from '@stenograf/contracts/api';
import type { Colors } from './colors';
import { formatNumber, printable } from './format';
import type { Sentences } from './sentences/en';
import { renderTable } from './table';

interface Style {
  colors: Colors;
  sentences: Sentences;
}

const hidden = (last4: string): string => `••••${last4}`;

/** `2026-01-31 12:30`, UTC. */
const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

const adviceOf = (token: VkTokenDto, sentences: Sentences): string => {
  const { reason, until, seen_at: seenAt } = token;
  const parts = [
    reason ?? '',
    until === null ? '' : sentences.triedAgainAt(minute(until)),
    seenAt === null || reason !== null ? '' : sentences.namedLast(minute(seenAt)),
  ];
  return printable(parts.filter((part) => part !== '').join(' '));
};

/** Tokens, one a line: how they stand and what a person should do. */
export const renderTokens = (tokens: readonly VkTokenDto[], style: Style): string[] => {
  const { tokenColumns: titles, tokenStatus } = style.sentences;
  return renderTable<VkTokenDto>(
    [
      { title: titles.id, align: 'right', cell: ({ id }) => String(id) },
      { title: titles.kind, align: 'left', cell: ({ kind }) => kind },
      {
        title: titles.name,
        align: 'left',
        cell: ({ name, source }) =>
          printable(name ?? (source === 'environment' ? 'VK_TOKENS' : '')),
      },
      { title: titles.token, align: 'left', cell: ({ last4 }) => hidden(last4) },
      { title: titles.status, align: 'left', cell: ({ status }) => tokenStatus[status] },
      {
        title: titles.advice,
        align: 'left',
        cell: (token) => adviceOf(token, style.sentences),
      },
    ],
    tokens,
    style,
  );
};

/** What VK answered to each method. */
export const renderCheck = ({ methods }: VkTokenCheckDto, style: Style): string[] => {
  const { methodColumns: titles, methodAnswers: answers } = style.sentences;
  return renderTable<VkTokenCheckDto['methods'][number]>(
    [
      { title: titles.method, align: 'left', cell: ({ method }) => method },
      {
        title: titles.answer,
        align: 'left',
        cell: ({ ok }) => (ok === null ? answers.unknown : ok ? answers.yes : answers.no),
      },
      { title: titles.why, align: 'left', cell: ({ reason }) => printable(reason ?? '') },
    ],
    methods,
    style,
  );
};

const forecastOf = (quota: QuotaDto, sentences: Sentences): string => {
  const { cap, resting_until: restingUntil, exhausted_at: exhaustedAt } = quota;
  if (restingUntil !== null) return sentences.restsUntil(minute(restingUntil));
  if (cap === null) return sentences.noCap;
  return exhaustedAt === null ? sentences.lastsDay : sentences.usedUpAt(minute(exhaustedAt));
};

const numberOrNone = (value: number | null): string => (value === null ? '' : formatNumber(value));

/** Quotas by token and method. */
export const renderQuotas = (quotas: readonly QuotaDto[], style: Style): string[] => {
  const { quotaColumns: titles } = style.sentences;
  return renderTable<QuotaDto>(
    [
      {
        title: titles.token,
        align: 'left',
        cell: (quota) => `${quota.token_id} ${hidden(quota.last4)}`,
      },
      { title: titles.method, align: 'left', cell: ({ method }) => method },
      { title: titles.used, align: 'right', cell: ({ used }) => formatNumber(used) },
      { title: titles.cap, align: 'right', cell: ({ cap }) => numberOrNone(cap) },
      { title: titles.left, align: 'right', cell: ({ left }) => numberOrNone(left) },
      { title: titles.pace, align: 'right', cell: (quota) => formatNumber(quota.per_hour) },
      {
        title: titles.forecast,
        align: 'left',
        cell: (quota) => forecastOf(quota, style.sentences),
      },
    ],
    quotas,
    style,
  );
};
