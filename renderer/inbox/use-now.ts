import { useEffect, useState } from 'react'

/** The time of day, brought up to date every half minute: what "14 min" is counted from. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
