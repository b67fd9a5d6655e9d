import type { TraceEntry } from './trace.ts'

/**
 * A trace as an HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), for a vendor's support. Values are as masked as in
 * the trace itself; steps without an address are left out.
 */
export function toHar(entries: readonly TraceEntry[], version: string): Record<string, unknown> {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Manydesk', version },
      comment: 'Secrets are masked.',
      entries: entries.filter(({ url }) => url !== null).map(harEntry),
    },
  }
}

function harEntry(entry: TraceEntry): Record<string, unknown> {
  const pairs = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }))
  const posted = entry.method === 'POST' && Object.keys(entry.sent).length > 0
  return {
    startedDateTime: new Date(entry.at).toISOString(),
    time: entry.ms ?? 0,
    comment: entry.error === null ? entry.title : `${entry.title}: ${entry.error}`,
    request: {
      method: entry.method ?? 'GET',
      url: entry.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      queryString: posted ? [] : pairs(entry.sent),
      ...(posted
        ? { postData: { mimeType: 'application/x-www-form-urlencoded', params: pairs(entry.sent), text: '' } }
        : {}),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: entry.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: { size: -1, mimeType: 'application/json', text: JSON.stringify(entry.received) },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: entry.ms ?? 0, receive: 0 },
  }
}
