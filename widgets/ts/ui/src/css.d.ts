/** Style sheets are bundled as text; see `styles/install.ts`. */
declare module '*.css' {
  const text: string;
  export default text;
}
