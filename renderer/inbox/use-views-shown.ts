import { viewsBelow } from '../state/app.ts'
import { useApp } from '../workspace.tsx'
import { useWide } from './use-wide.ts'

/** Whether the views are shown: what the person chose or, before that, whether the window has the room. */
export function useViewsShown(): boolean {
  const chosen = useApp((state) => state.viewsShown)
  const wide = useWide(viewsBelow)
  return chosen ?? wide
}
