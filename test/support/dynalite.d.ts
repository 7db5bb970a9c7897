/** What the tests use of it: the package comes without types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** How long a table stays in creation and in deletion, in milliseconds. */
    createTableMs?: number;
    deleteTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
