import { lowerBound, type Timeline } from './timeline.ts'

/**
 * Conversations by their last change, oldest first: the seeded order, with everything touched since moved to the end.
 * A page costs O(page + log size), whatever the size.
 */
export class ChangeOrder {
  readonly #timeline: Timeline
  readonly #changedAt = new Map<number, number>()
  #touched: number[] = []
  /** Ranks that left their seeded place, ascending. */
  #left: number[] = []

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  get size(): number {
    return this.#timeline.size - this.#left.length + this.#touched.length
  }

  changedAt(index: number): number {
    return this.#changedAt.get(index) ?? this.#timeline.changedAt(index)
  }

  /** Moves a conversation to the end. `at` must not be older than any earlier touch. */
  touch(index: number, at: number): void {
    if (this.#changedAt.has(index)) this.#touched.splice(this.#touched.indexOf(index), 1)
    else if (index < this.#timeline.size) {
      const rank = this.#timeline.rank(index)
      this.#left.splice(
        lowerBound(this.#left.length, (i) => (this.#left[i] ?? 0) >= rank),
        0,
        rank,
      )
    }
    this.#touched.push(index)
    this.#changedAt.set(index, at)
  }

  /** The conversation at a place, or undefined beyond the end. */
  at(position: number): number | undefined {
    if (position < 0) return undefined
    const resting = this.#timeline.size - this.#left.length
    if (position >= resting) return this.#touched[position - resting]
    const passed = lowerBound(this.#left.length, (i) => (this.#left[i] ?? 0) - i > position)
    return this.#timeline.atRank(position + passed)
  }

  key(index: number): number {
    return this.changedAt(index)
  }

  /** First place whose change is at or after a moment. */
  since(time: number): number {
    const resting = this.#timeline.size - this.#left.length
    const rank = this.#timeline.rankSince(time)
    if (rank < this.#timeline.size) return rank - lowerBound(this.#left.length, (i) => (this.#left[i] ?? 0) >= rank)
    return resting + lowerBound(this.#touched.length, (i) => this.changedAt(this.#touched[i] ?? 0) >= time)
  }

  touchedIndexes(): readonly number[] {
    return this.#touched
  }
}
