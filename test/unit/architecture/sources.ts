import { globSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { parseSync, Visitor } from 'vite'

export const root = join(import.meta.dirname, '..', '..', '..')

/** One source file as the rules see it. Paths are relative to the checkout, with forward slashes. */
export interface Source {
  path: string
  /** Packages as written, files as paths relative to the checkout. */
  imports: string[]
  /** `shell.openExternal` for `shell.openExternal(...)`, `new BrowserWindow` for a constructor. */
  uses: string[]
  /** Text literals, JSX attribute names included. */
  texts: string[]
  attributes: string[]
}

function resolveImport(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier
}

/** Reads one source text. Exported for the tests of the rules themselves. */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const source: Source = { path, imports: [], uses: [], texts: [], attributes: [] }
  const addImport = (node: { value: unknown } | null | undefined) => {
    if (typeof node?.value === 'string') source.imports.push(resolveImport(path, node.value))
  }
  new Visitor({
    ImportDeclaration: (node) => addImport(node.source),
    ExportNamedDeclaration: (node) => addImport(node.source),
    ExportAllDeclaration: (node) => addImport(node.source),
    ImportExpression: (node) => addImport(node.source.type === 'Literal' ? node.source : null),
    TSImportType: (node) => addImport(node.source),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') {
        const [first] = node.arguments
        addImport(first?.type === 'Literal' ? first : null)
      }
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier') source.uses.push(`new ${node.callee.name}`)
    },
    MemberExpression: (node) => {
      if (node.object.type === 'Identifier' && node.property.type === 'Identifier') {
        source.uses.push(`${node.object.name}.${node.property.name}`)
      }
    },
    Identifier: (node) => {
      source.uses.push(node.name)
    },
    Literal: (node) => {
      if (typeof node.value === 'string') source.texts.push(node.value)
    },
    TemplateElement: (node) => {
      source.texts.push(node.value.cooked ?? node.value.raw)
    },
    JSXAttribute: (node) => {
      if (node.name.type === 'JSXIdentifier') source.attributes.push(node.name.name)
    },
  }).visit(program)
  return source
}

/** Every product source: main, preload, renderer. */
export function productSources(): Source[] {
  return globSync(['main/**/*.ts', 'preload/**/*.ts', 'renderer/**/*.{ts,tsx}'], { cwd: root })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.endsWith('.d.ts'))
    .sort()
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')))
}

/** Folder of a path directly under main, or the empty text: `oauth` for main/oauth/vault.ts. */
export function mainFolder(path: string): string {
  const [top, folder, ...rest] = path.split('/')
  return top === 'main' && rest.length > 0 ? (folder ?? '') : ''
}
