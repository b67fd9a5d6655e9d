/** Thrown when a body is longer than allowed. */
export class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** Thrown when no further byte came in time. */
export class Stalled extends Error {
  override readonly name = 'Stalled'
}

/**
 * Reads a whole body with bounds on its size and on the silence between two pieces.
 * @throws TooLong, Stalled, or what the network stack throws when the connection breaks
 */
export async function readBounded(
  response: Response,
  maxBytes: number,
  idleMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    void response.body?.cancel().catch(() => undefined)
    throw new TooLong(`more than ${maxBytes} bytes`)
  }
  if (response.body === null) return new Uint8Array()
  const reader = response.body.getReader()
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader, idleMs)
      if (done) break
      size += value.byteLength
      if (size > maxBytes) throw new TooLong(`more than ${maxBytes} bytes`)
      pieces.push(value)
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined)
    throw error
  }
  return joined(pieces, size)
}

async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array>, idleMs: number) {
  const stalled = Promise.withResolvers<never>()
  const timer = setTimeout(() => stalled.reject(new Stalled(`no byte for ${idleMs} ms`)), idleMs)
  try {
    return await Promise.race([reader.read(), stalled.promise])
  } finally {
    clearTimeout(timer)
  }
}

function joined(pieces: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.byteLength
  }
  return whole
}
