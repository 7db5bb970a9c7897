import { Argument } from 'commander';
import type { AddCommands } from '../context.ts';
import { COMPLETE } from './completed.ts';

/** Each asks the command line itself what fits, so that it is never behind. */
const SCRIPTS = {
  bash: `_postrider() {
  local IFS=$'\\n'
  COMPREPLY=($(postrider ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _postrider postrider`,
  zsh: `#compdef postrider
_postrider() {
  local -a found
  found=("\${(@f)$(postrider ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null | sed -e 's/:/\\\\:/g' -e 's/\\t/:/')}")
  if [[ -n "$found" ]]; then _describe postrider found; else _files; fi
}
compdef _postrider postrider`,
  fish: `function __postrider
  set -l found (postrider ${COMPLETE} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if test -n "$found"
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c postrider -f -a '(__postrider)'`,
} as const;

const HOW = `
Add one of these to the file that your shell reads when it starts:

  eval "$(postrider completion bash)"         # ~/.bashrc
  eval "$(postrider completion zsh)"          # ~/.zshrc, after compinit
  postrider completion fish | source          # ~/.config/fish/config.fish`;

export const addCompletion: AddCommands = (program, contextFor) => {
  const shells = Object.keys(SCRIPTS);
  const command = program
    .command('completion')
    .description('Prints a script that completes commands and options in your shell.')
    .helpGroup('This machine:')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText('after', HOW)
    .action((shell: keyof typeof SCRIPTS) => {
      contextFor(command).terminal.stdout.write(`${SCRIPTS[shell]}\n`);
    });
};
