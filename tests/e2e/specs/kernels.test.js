// How many times the engine asks the GPU for something in a training: each time costs a browser more than most of what is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dispatches } from "../support/dispatches.js";

const minutes = 60_000;
const most = 12;

test(`a step of a training takes at most ${most} dispatches, forward and backward together`, { timeout: 25 * minutes }, async () => {
  const { few, many, step } = await dispatches();
  console.log(`dispatches of an update: ${few} with 4 steps, ${many} with 20; ${step} a step`);
  assert.ok(few > 0 && step > 1, `the count counts: ${few}, ${many}`);
  assert.ok(step <= most, `${step} dispatches a step`);
});
