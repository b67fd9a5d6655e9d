import { drawerBelow } from '../state/app.ts'
import { useApp } from '../workspace.tsx'
import { useWide } from './use-wide.ts'

/** Whether the details are shown: what the person chose or, before that, whether the window has the room. */
export function useDetailsShown(): boolean {
  const chosen = useApp((state) => state.detailsShown)
  const wide = useWide(drawerBelow)
  return chosen ?? wide
}
