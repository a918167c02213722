// What the bundler makes of files that are not scripts.

declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.woff2" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

// Both write a number as its text.
interface Element {
  setAttribute(name: string, value: string | number): void;
}
interface CSSStyleDeclaration {
  setProperty(property: string, value: string | number | null, priority?: string): void;
}
