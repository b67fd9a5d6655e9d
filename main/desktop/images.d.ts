/** A picture as a `data:` URL inside the bundle. */
declare module '*.png?inline' {
  const url: string
  export default url
}
