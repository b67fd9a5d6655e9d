import type { z } from 'zod'

/** What a cursor says; `start` where there is none, or where it is damaged or of another version: starting over is harmless. */
export function readCursorText<T, S>(schema: z.ZodType<T>, text: string | null, start: S): T | S {
  if (text === null) return start
  try {
    const read = schema.safeParse(JSON.parse(text))
    return read.success ? read.data : start
  } catch {
    return start
  }
}
