/** Tags to put on and take off, as the command has them. */
interface TagChange {
  add: readonly string[]
  remove: readonly string[]
}

const lower = (tags: readonly string[]) => new Set(tags.map((tag) => tag.toLowerCase()))

/** The whole list after a change, for vendors that take no less. Case makes no other tag; what stays keeps its place and its spelling. */
export function changedTags(tags: readonly string[], { add, remove }: TagChange): string[] {
  const removed = lower(remove)
  const kept = tags.filter((tag) => !removed.has(tag.toLowerCase()))
  const known = lower(kept)
  return [...kept, ...add.filter((tag) => !known.has(tag.toLowerCase()))]
}

/** Whether a list of tags is as a change wanted it. */
export function areChanged(tags: readonly string[], { add, remove }: TagChange): boolean {
  const present = lower(tags)
  const has = (tag: string) => present.has(tag.toLowerCase())
  return add.every(has) && !remove.some(has)
}
