import type { ProblemDetails } from '@stenograf/contracts/api';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { ApiDocument, Operation } from './apiDocument';

/** What of a reply was read: of one that does not end, its beginning. */
export interface ReadReply {
  status: number;
  type: string;
  requestId: string | null;
  text: string;
  isWhole: boolean;
}

/** Traces of how the service is made, none of which the requests hold themselves. */
const INNER_LIFE =
  /\bat \S+ \(|\bat \/|node_modules|\bSELECT\b|\bINSERT\b|\bUPDATE\b|ECONN|EPIPE|postgres|redis:|127\.0\.0\.1|localhost|violates|relation "|syntax error|of undefined|is not a function|\/work\/|\/home\//;

/** Pointers and the path repeat what was sent; the sentences must not give away anything else. */
const sentencesOf = ({ title, detail, errors = [] }: ProblemDetails): string =>
  [title, errors.length > 0 ? '' : detail, ...errors.map((error) => error.detail)].join('\n');

const problemsOfRefusal = (reply: ReadReply): string[] => {
  const problem = JSON.parse(reply.text) as ProblemDetails;
  return [
    ...(problem.status === reply.status ? [] : ['status differs from that of the reply']),
    ...(problem.request_id === reply.requestId ? [] : ['request_id differs from the header']),
    ...(INNER_LIFE.test(sentencesOf(problem)) ? ['tells how the service is made'] : []),
  ];
};

export interface ReplyChecks {
  /** What is wrong with a reply; of an operation that is null, only what holds for all. */
  problemsOf(operation: Operation | null, reply: ReadReply): string[];
}

/** Holds replies against the document. */
export const createReplyChecks = (document: ApiDocument): ReplyChecks => {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'document', ...document });
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
    const validate = ajv.compile(local);
    compiled.set(schema, validate);
    return validate;
  };

  const problemsOfContent = ({ responses }: Operation, reply: ReadReply): string[] => {
    const documented = responses[String(reply.status)] ?? responses['default'];
    if (!documented) return [`status ${reply.status} is not documented`];
    if (!documented.content) return reply.text === '' ? [] : ['a body where none is documented'];
    const content = documented.content[reply.type];
    if (!content) return [`${reply.type} is not documented for ${reply.status}`];
    if (!/[/+]json$/.test(reply.type) || !reply.isWhole) return [];
    const validate = validatorOf(content.schema);
    if (validate(JSON.parse(reply.text))) return [];
    return (validate.errors ?? []).slice(0, 5).map((e) => `${e.instancePath} ${e.message}`);
  };

  return {
    problemsOf(operation, reply) {
      const { status, type } = reply;
      if (status >= 500) return [`status ${status}`];
      // Said by the parser of HTTP, before there is a request to look at.
      if (status === 431 && reply.text === '') return [];
      if (status >= 400 && type !== 'application/problem+json' && reply.text !== '') {
        return [`${status} as ${type}`];
      }
      return [
        ...(operation ? problemsOfContent(operation, reply) : []),
        ...(type === 'application/problem+json' && reply.text !== ''
          ? problemsOfRefusal(reply)
          : []),
      ];
    },
  };
};
