// Dispatches of a training on WebGPU: node dispatches.js

import { dispatches } from "../e2e/support/dispatches.js";

console.log(JSON.stringify(await dispatches()));
