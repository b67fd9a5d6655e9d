import { random } from './random.ts'

/** Rows are shuffled by last change only inside such a block, so both orders can be computed for any row on its own. */
export const blockSize = 64

/**
 * When the seeded conversations of a site began and last moved. Time is cut into slots. Conversation `i` begins in slot
 * `i`; within its block the conversations are ranked anew, and the one of rank `r` last moves in slot `r + blockSize`, which
 * is always later than its beginning. Creation order, change order and the way between them cost O(1) per row, for
 * 2,000 rows as for 1,000,000.
 */
export class Timeline {
  readonly size: number
  readonly #endsAt: number
  readonly #step: number
  readonly #seed: string
  readonly #blocks = new Map<number, { rankOf: number[]; offsetOf: number[] }>()

  /** `endsAt` in epoch milliseconds: the newest change lies shortly before it. */
  constructor(options: { size: number; endsAt: number; seed: string }) {
    this.size = options.size
    this.#endsAt = options.endsAt
    this.#seed = options.seed
    const threeYears = 3 * 365 * 86_400_000
    this.#step = Math.round(Math.min(45 * 60_000, Math.max(30_000, threeYears / Math.max(1, options.size))))
  }

  createdAt(index: number): number {
    return this.#slot(index)
  }

  changedAt(index: number): number {
    return this.#slot(this.rank(index) + blockSize)
  }

  /** Place of a conversation in change order, oldest first. */
  rank(index: number): number {
    const block = Math.floor(index / blockSize)
    return block * blockSize + (this.#block(block).rankOf[index % blockSize] ?? 0)
  }

  /** The conversation at a place of the change order. */
  atRank(rank: number): number {
    const block = Math.floor(rank / blockSize)
    return block * blockSize + (this.#block(block).offsetOf[rank % blockSize] ?? 0)
  }

  /** First place of the change order at or after a moment; `size` when there is none. */
  rankSince(time: number): number {
    return lowerBound(this.size, (rank) => this.#slot(rank + blockSize) >= time)
  }

  /** First conversation begun at or after a moment. */
  createdSince(time: number): number {
    return lowerBound(this.size, (index) => this.#slot(index) >= time)
  }

  #slot(slot: number): number {
    const jitter = Math.floor(random(this.#seed, 'slot', slot).next() * this.#step * 0.9)
    return this.#endsAt - (this.size + blockSize - 1 - slot) * this.#step - jitter
  }

  #block(block: number): { rankOf: number[]; offsetOf: number[] } {
    const known = this.#blocks.get(block)
    if (known) return known
    const length = Math.min(blockSize, this.size - block * blockSize)
    const offsetOf = Array.from({ length }, (_, i) => i)
    const dice = random(this.#seed, 'block', block)
    for (let i = length - 1; i > 0; i--) {
      const j = dice.int(i + 1)
      const [a, b] = [offsetOf[i] ?? 0, offsetOf[j] ?? 0]
      offsetOf[i] = b
      offsetOf[j] = a
    }
    const rankOf: number[] = []
    offsetOf.forEach((offset, rank) => {
      rankOf[offset] = rank
    })
    if (this.#blocks.size >= 512) this.#blocks.clear()
    const made = { rankOf, offsetOf }
    this.#blocks.set(block, made)
    return made
  }
}

/** First `i` in 0..size for which `reached` holds; it must hold for all that follow. */
export function lowerBound(size: number, reached: (i: number) => boolean): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
