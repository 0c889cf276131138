import { Injectable } from '@nestjs/common';
import type { ProblemException } from './problem.js';

/** `route` is the pattern of the request's route; undefined where none matched. */
export type ProblemListener = (problem: ProblemException, route: string | undefined) => void;

/** Tells a module of every problem that a request ended with, also of those that arose before any of its code ran. */
@Injectable()
export class ProblemFeed {
  readonly #listeners: ProblemListener[] = [];

  subscribe(listener: ProblemListener): void {
    this.#listeners.push(listener);
  }

  publish(problem: ProblemException, route: string | undefined): void {
    for (const listener of this.#listeners) listener(problem, route);
  }
}
