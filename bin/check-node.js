// Plain JavaScript without imports, because it must run on any Node version to say which one is needed.
const NEEDED = 24;

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(
    `Postrider needs Node ${NEEDED}, but this is ${process.version}: run "npm ci" without --ignore-scripts, which installs Node ${NEEDED}, and start with "npm start".\n`,
  );
  process.exit(1);
}
