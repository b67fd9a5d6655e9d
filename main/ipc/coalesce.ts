/**
 * Runs `work` at once, and for calls that follow within `intervalMs` once more when it is over: never more often, never too late to
 * show the last state.
 */
export function coalesce(work: () => void, intervalMs: number): () => void {
  let timer: NodeJS.Timeout | null = null
  let again = false
  const open = () => {
    timer = null
    if (again) run()
  }
  const run = () => {
    again = false
    timer = setTimeout(open, intervalMs)
    timer.unref()
    work()
  }
  return () => {
    if (timer === null) run()
    else again = true
  }
}
