/**
 * Random numbers that depend on nothing but their seed, so that row 731,204 of a site can be made without making the
 * rows before it.
 */
export interface Random {
  /** 0 <= x < 1 */
  next(): number
  /** 0 <= x < limit, whole */
  int(limit: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
}

/** FNV-1a over the parts, finished with an avalanche step: neighbouring rows must not look alike. */
export function hash(...parts: (string | number)[]): number {
  let value = 0x811c9dc5
  for (const part of parts) {
    const text = `${part}/`
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** Mulberry32, seeded by all parts together. */
export function random(...parts: (string | number)[]): Random {
  let state = hash(...parts)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    int: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const choice = choices[Math.floor(next() * choices.length)]
      if (choice === undefined) throw new Error('pick from an empty list')
      return choice
    },
  }
}
