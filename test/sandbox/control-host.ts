import type { Control } from './control.ts'
import { type Exchange, json, jsonBody, type Reply } from './exchange.ts'

export const controlHost = 'control.manydesk.test'

/** Control calls from other processes: POST /{method} with `{"args": […]}` answers `{"result": …}` or `{"error": "…"}`. */
export async function answerControl(control: Control, exchange: Exchange): Promise<Reply> {
  const name = exchange.url.pathname.slice(1)
  const method: unknown = name === 'constructor' ? undefined : Reflect.get(control, name)
  if (exchange.method !== 'POST' || typeof method !== 'function')
    return json(404, { error: `there is no control call ${name}` })
  const args = jsonBody(exchange)?.args
  try {
    const result: unknown = await Reflect.apply(method, control, Array.isArray(args) ? args : [])
    return json(200, { result: result ?? null })
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) })
  }
}
