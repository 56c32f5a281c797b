import type { Candidate } from './completion.ts';

/**
 * What a shell is told once, and how it is answered. Each script asks the program that stands at the beginning of the
 * line, with what was typed so far; the answer is one candidate a line, or `:files`.
 */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Said in place of candidates where a file may stand; nothing of ours is called like that. */
export const FILES_ANSWER = ':files';

/** Bash takes `=` and `:` as words of their own, and hands over the pieces. */
const BASH = `# Completion of muster for bash: source <(muster completion bash)
_muster() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "\${COMPREPLY[0]}" = ${FILES_ANSWER} ]; then
    COMPREPLY=()
    compopt -o default 2>/dev/null
  fi
}
complete -F _muster muster
`;

const ZSH = `#compdef muster
# Completion of muster for zsh: source <(muster completion zsh), or as _muster in a folder of fpath
_muster() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${found[1]}" == ${FILES_ANSWER} ]]; then
    _files
  elif [[ -n "\${found[1]}" ]]; then
    _describe -V muster found
  fi
}
if [[ "\${funcstack[1]}" == _muster ]]; then
  _muster "$@"
else
  compdef _muster muster
fi
`;

const FISH = `# Completion of muster for fish: muster completion fish | source
function __muster_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l found ($words[1] complete fish -- $words[2..-1] "$typed" 2>/dev/null)
    if test "$found[1]" = ${FILES_ANSWER}
        __fish_complete_path "$typed"
    else
        printf '%s\\n' $found
    end
end
complete -c muster -f -a '(__muster_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The words as they were typed, where the shell took them apart. */
export function wordsFrom(shell: Shell, words: readonly string[]): readonly string[] {
  return shell === 'bash' ? joined(words) : words;
}

function joined(words: readonly string[]): readonly string[] {
  return words.reduce<readonly string[]>((before, word, at) => {
    const last = before.at(-1);
    const belongs = /^[=:]+$/.test(word) || /^[=:]+$/.test(words[at - 1] ?? '');
    return last === undefined || !belongs ? [...before, word] : [...before.slice(0, -1), last + word];
  }, []);
}

/** @param typed the whole word, as \`wordsFrom\` gives it. */
export function answerFor(shell: Shell, candidates: readonly Candidate[], typed: string): string {
  return candidates.map((candidate) => `${lineFor(shell, candidate, typed)}\n`).join('');
}

function lineFor(shell: Shell, { word, sentence }: Candidate, typed: string): string {
  switch (shell) {
    case 'bash':
      return word.slice(Math.max(typed.lastIndexOf('='), typed.lastIndexOf(':')) + 1);
    case 'zsh':
      return `${word.replaceAll(':', '\\:')}${sentence === '' ? '' : `:${sentence}`}`;
    case 'fish':
      return `${word}${sentence === '' ? '' : `\t${sentence}`}`;
    default:
      return shell satisfies never;
  }
}
