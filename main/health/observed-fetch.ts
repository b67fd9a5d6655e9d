import type { Clock, FetchPort } from '../ports.ts'

export interface Observed {
  host: string
  /** Null where no answer came. */
  response: Pick<Response, 'status' | 'headers'> | null
  sentAt: number
  receivedAt: number
}

/** The same fetch, telling what came of each request. What a caller itself stopped is nobody's failure and is not told. */
export function observedFetch(fetch: FetchPort, clock: Clock, tell: (observed: Observed) => void): FetchPort {
  return async (input, init) => {
    const host = new URL(input instanceof Request ? input.url : input).host
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const sentAt = clock.now()
    try {
      const response = await fetch(input, init)
      tell({ host, response, sentAt, receivedAt: clock.now() })
      return response
    } catch (error) {
      if (!signal?.aborted) tell({ host, response: null, sentAt, receivedAt: clock.now() })
      throw error
    }
  }
}
