import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FaultKind } from './faults';
import { distortBody } from './faultsBody';

const GZIP_FROM_BYTES = 1_024;
const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_PAGE =
  '<!DOCTYPE html><html><head><title>Ошибка</title></head><body>Попробуйте позже</body></html>';

/** What the reader's headers and the scripted fault make of one reply. */
export interface Delivery {
  acceptsGzip: boolean;
  fault: FaultKind | null;
}

/** Sends `body` as JSON, compressed where the reader takes it and it is worth it. */
export const sendJson = (response: ServerResponse, body: string, acceptsGzip: boolean): void => {
  const plain = Buffer.from(body);
  const isZipped = acceptsGzip && plain.byteLength >= GZIP_FROM_BYTES;
  // The fastest level: this is one process on one machine with its reader.
  const bytes = isZipped ? gzipSync(plain, { level: 1 }) : plain;
  response.writeHead(200, {
    'content-type': JSON_TYPE,
    'content-length': bytes.byteLength,
    ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(bytes);
};

export const sendHtml = (response: ServerResponse, status: number, body = HTML_PAGE): void => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
};

/** Runs `action` later, unless the reader has hung up by then. */
const later = (response: ServerResponse, ms: number, action: () => void): void => {
  const timer = setTimeout(action, ms);
  response.once('close', () => clearTimeout(timer));
};

/** Promises the whole reply and sends half of it. */
const sendHalf = (response: ServerResponse, body: string): Buffer => {
  const bytes = Buffer.from(body);
  const middle = bytes.byteLength >> 1;
  response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': bytes.byteLength });
  response.write(bytes.subarray(0, middle));
  return bytes.subarray(middle);
};

/** How long the first half of a cut reply has to get out before the connection ends. */
const FLUSH_MS = 20;

/** Sends one answer the way its fault says. */
export const sendAnswer = (
  response: ServerResponse,
  body: string,
  { acceptsGzip, fault }: Delivery,
): void => {
  switch (fault?.kind) {
    case undefined:
    case 'vk-error':
    case 'too-big':
      return sendJson(response, body, acceptsGzip);
    case 'short-page':
    case 'wrong-count':
      return sendJson(response, distortBody(body, fault), acceptsGzip);
    case 'html-200':
      return sendHtml(response, 200);
    case 'http':
      return sendHtml(response, fault.status, fault.body);
    case 'empty-body':
      return sendJson(response, '', acceptsGzip);
    case 'truncated-json':
      return sendJson(response, body.slice(0, body.length >> 1), acceptsGzip);
    case 'truncated-body':
      sendHalf(response, body);
      return later(response, FLUSH_MS, () => response.socket?.destroy());
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'close':
      response.socket?.end();
      return;
    case 'stall': {
      const rest = sendHalf(response, body);
      return later(response, fault.ms, () => response.end(rest));
    }
    case 'slow':
      return later(response, fault.ms, () => sendJson(response, body, acceptsGzip));
  }
};
