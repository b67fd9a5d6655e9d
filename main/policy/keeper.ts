import type { PolicyState } from './load.ts'

/** For the record, without what the files say. */
export interface PolicyMark {
  kind: PolicyState['kind']
  /** SHA-256 over all that was read, in hexadecimal. */
  digest: string
}

/** `applied`: another policy holds now. `lifted`: there is none any more. `broken`: it cannot be used, and nothing works until it can. */
export interface PolicyChange {
  from: PolicyMark
  to: PolicyMark
  outcome: 'applied' | 'lifted' | 'broken'
}

export interface PolicyKeeper {
  state(): PolicyState
  mark(): PolicyMark
  /** Reads the files again now; what they say holds when it returns. */
  look(): void
  /** Looks again and again. Answers a function that ends it. */
  follow(): () => void
  /** Each change after the start, once it holds. */
  onChange(listener: (change: PolicyChange) => void): () => void
}

interface KeeperOptions {
  load(): PolicyState
  /** Milliseconds between two looks. */
  intervalMs: number
}

const markOf = ({ kind, digest }: PolicyState): PolicyMark => ({ kind, digest })

/** The policy that holds now. Files are read whole at each look: they are few and small, and no watcher of a system misses nothing. */
export function createPolicyKeeper({ load, intervalMs }: KeeperOptions): PolicyKeeper {
  const listeners = new Set<(change: PolicyChange) => void>()
  let state = load()

  const hold = (next: PolicyState) => {
    const from = markOf(state)
    state = next
    const outcome = next.kind === 'broken' ? 'broken' : next.kind === 'open' ? 'lifted' : 'applied'
    for (const listener of listeners) listener({ from, to: markOf(next), outcome })
  }
  const look = () => {
    const next = load()
    if (next.digest !== state.digest) hold(next)
  }
  /** While an administrator replaces file and signature, one of them is there first: bad news is read twice before it is believed. */
  let doubted: string | null = null
  const glance = () => {
    const next = load()
    if (next.digest === state.digest) doubted = null
    else if (next.kind !== 'broken' || doubted === next.digest) {
      doubted = null
      hold(next)
    } else doubted = next.digest
  }
  return {
    state: () => state,
    mark: () => markOf(state),
    look,
    follow() {
      const timer = setInterval(glance, intervalMs)
      timer.unref()
      return () => clearInterval(timer)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
