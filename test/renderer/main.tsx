/**
 * The dev page. What it shows is chosen in the address: `?scenario=inbox&theme=dark`. The names of the scenarios are
 * the keys of `scenarios` here and in scenarios-connect.ts and scenarios-policy.ts.
 */
import '../../renderer/design/tokens.css'
import '../../renderer/design/reset.css'
import '../../renderer/design/typography.css'
import { createRoot } from 'react-dom/client'
import { App } from '../../renderer/app.tsx'
import { createWorkspace } from '../../renderer/workspace.tsx'
import { createFakeBridge } from './fake-bridge.ts'
import { scenarios } from './scenarios.ts'
import { connectScenarios } from './scenarios-connect.ts'
import { extremeScenarios } from './scenarios-extreme.ts'
import { healthScenarios } from './scenarios-health.ts'
import { movingScenarios } from './scenarios-moving.ts'
import { policyScenarios } from './scenarios-policy.ts'

const params = new URLSearchParams(location.search)
const every = {
  ...scenarios,
  ...connectScenarios,
  ...healthScenarios,
  ...policyScenarios,
  ...movingScenarios,
  ...extremeScenarios,
}
const scenario = every[params.get('scenario') ?? 'inbox']
const theme = params.get('theme')
const fake = createFakeBridge({ latency: 2 })
if (theme === 'light' || theme === 'dark') fake.data.app.theme = theme
const workspace = createWorkspace(fake.bridge)
scenario?.(fake, workspace)

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App workspace={workspace} />)
