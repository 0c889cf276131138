/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * Reads the whole answers at the beginning of what was received; the rest is what is behind them, such as the beginning of another
 * one, or no HTTP at all. Provisional answers (1xx) are passed over. `bodiless`: the requests were of a kind whose answers have no
 * body.
 */
export function readAnswers(bytes: Buffer, bodiless = false): { readonly answers: readonly Answer[]; readonly rest: Buffer } {
  const answers: Answer[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf(headEnd);
    if (end === -1) return { answers, rest };
    const [first = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(status)) return { answers, rest };
    const headers = new Map(lines.map(headerOf));
    const body = status < 200 || status === 204 || bodiless ? noBody(end) : bodyOf(rest, end + headEnd.length, headers);
    if (body === undefined) return { answers, rest };
    if (status >= 200) answers.push({ status, headers, body: body.text });
    rest = rest.subarray(body.end);
  }
}

function headerOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

interface Body {
  readonly text: string;
  readonly end: number;
}

const noBody = (end: number): Body => ({ text: '', end: end + headEnd.length });

/** Undefined while it is not all there. */
function bodyOf(bytes: Buffer, start: number, headers: ReadonlyMap<string, string>): Body | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return chunkedBody(bytes, start);
  const end = start + Number(headers.get('content-length') ?? 0);
  return end > bytes.length ? undefined : { text: bytes.toString('utf8', start, end), end };
}

function chunkedBody(bytes: Buffer, start: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const length = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + length + 2;
    if (Number.isNaN(length) || end > bytes.length) return undefined;
    if (length === 0) return { text: Buffer.concat(parts).toString('utf8'), end };
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
