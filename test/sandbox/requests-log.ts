/** One request the sandbox received, as tests look at it. */
export interface LoggedRequest {
  id: number
  /** Epoch milliseconds. */
  at: number
  method: string
  host: string
  path: string
  /** Query with its leading question mark, or empty. */
  query: string
  headers: Record<string, string>
  body: string
  /** Null while unanswered, and for connections that were cut. */
  status: number | null
}

export interface RequestFilter {
  host?: string
  method?: string
  /** Start of the path. */
  path?: string
  /** Only requests after the one with this id. */
  afterId?: number
}

const kept = 100_000
const bodyLimit = 256 * 1024

export class RequestsLog {
  #entries: LoggedRequest[] = []
  #lastId = 0

  add(request: Omit<LoggedRequest, 'id' | 'status'>): LoggedRequest {
    const entry: LoggedRequest = {
      ...request,
      body: request.body.slice(0, bodyLimit),
      id: ++this.#lastId,
      status: null,
    }
    this.#entries.push(entry)
    if (this.#entries.length > kept) this.#entries = this.#entries.slice(-kept / 2)
    return entry
  }

  list(filter: RequestFilter = {}): LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        (filter.host === undefined || entry.host === filter.host) &&
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.path === undefined || entry.path.startsWith(filter.path)) &&
        (filter.afterId === undefined || entry.id > filter.afterId),
    )
  }

  clear(): void {
    this.#entries = []
  }
}
