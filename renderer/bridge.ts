import type { Answer, Bridge } from '../preload/contract.ts'
import type { ErrorCode, ErrorShape } from '../preload/errors.ts'

declare global {
  interface Window {
    /** Put there by the preload; nothing else of the main process can be reached. */
    readonly manydesk: Bridge
  }
}

/** What a call was answered with when it failed: the same words main chose, safe to show. */
class BridgeError extends Error {
  readonly code: ErrorCode
  readonly action: string | null
  readonly detail: string | null

  constructor(shape: ErrorShape) {
    super(shape.message)
    this.name = 'BridgeError'
    this.code = shape.code
    this.action = shape.action
    this.detail = shape.detail
  }
}

/** The value of an answer, or a thrown `BridgeError`. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer
  if (settled.ok) return settled.value
  throw new BridgeError(settled.error)
}

/** Any thrown thing in the words the screens can show. */
export function asErrorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof BridgeError) {
    return { code: thrown.code, message: thrown.message, action: thrown.action, detail: thrown.detail }
  }
  return {
    code: 'internal',
    message: 'Something in Manydesk went wrong.',
    action: 'Try again. If it happens again, restart Manydesk; nothing you wrote is lost.',
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  }
}
