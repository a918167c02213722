// The rules that ESLint and its JSDoc plugin recommend, and a few that keep to how the code is written.

import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import globals from "globals";

export default [
  { ignores: ["figure/build/"] },
  js.configs.recommended,
  jsdoc.configs["flat/recommended-typescript-flavor-error"],
  { languageOptions: { globals: globals.browser } },
  { files: ["**/*.mjs", "**/eslint.config.js", "**/test/**"], languageOptions: { globals: globals.nodeBuiltin } },
  {
    rules: {
      "array-callback-return": "error",
      complexity: ["error", 20],
      eqeqeq: "error",
      "max-lines": ["error", { max: 400 }],
      "no-else-return": "error",
      "no-implicit-coercion": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { args: "after-used" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      // A function that leaves this file says what its arguments are; `tsc` holds what it says.
      "jsdoc/require-jsdoc": ["error", { publicOnly: { esm: true }, require: { ArrowFunctionExpression: true, ClassDeclaration: false } }],
      "jsdoc/no-undefined-types": "off", // `tsc` knows better
      "jsdoc/require-param-description": "off", // name and type say it
      "jsdoc/require-returns": "off", // inferred
      "jsdoc/require-property-description": "off",
      "jsdoc/require-returns-description": "off",
    },
  },
];
