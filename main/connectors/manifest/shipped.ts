import autotimer from '../../../resources/connectors/autotimer.json' with { type: 'json' }
import kiteline from '../../../resources/connectors/kiteline.json' with { type: 'json' }
import larkdesk from '../../../resources/connectors/larkdesk.json' with { type: 'json' }

/** The manifests that come with the app, as text. They pass validation: a test says so. */
export const shippedManifests: readonly string[] = [autotimer, larkdesk, kiteline].map((manifest) =>
  JSON.stringify(manifest, null, 2),
)
