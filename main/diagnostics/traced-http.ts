import type { KyInstance } from 'ky'
import { isAppError } from '../errors.ts'
import type { Trace } from './trace.ts'

/** The same client, each call of which is noted with what came of it: a status, or the code of its error. */
export function tracedHttp(http: KyInstance, trace: Trace, title: string): KyInstance {
  // ky makes its requests anew before it sends them, so a call is known by its address and not by its object.
  const open: { call: string; note: ReturnType<Trace['request']> }[] = []
  const callOf = ({ method, url }: Request) => `${method} ${url}`
  const answered = (request: Request, answer: Parameters<ReturnType<Trace['request']>>[0]) => {
    const at = open.findIndex(({ call }) => call === callOf(request))
    if (at !== -1) open.splice(at, 1)[0]?.note(answer)
  }
  return http.extend({
    hooks: {
      beforeRequest: [
        ({ request }) =>
          void open.push({ call: callOf(request), note: trace.request(title, request.method, request.url, []) }),
      ],
      afterResponse: [({ request, response }) => answered(request, { status: response.status, body: null })],
      beforeError: [
        ({ request, error }) => {
          answered(request, { error: isAppError(error) ? error.code : error.name })
          return error
        },
      ],
    },
  })
}
