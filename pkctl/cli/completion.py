"""`completion`: scripts that make a shell ask `__complete` for what may come next."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context

BASH = """# bash completion for {p}
__{f}_complete() {{
    local line candidates=() directive=0 cur="${{COMP_WORDS[COMP_CWORD]}}"
    while IFS= read -r line; do
        if [[ $line == :* ]]; then directive=${{line#:}}; else candidates+=("${{line%%$'\\t'*}}"); fi
    done < <("${{COMP_WORDS[0]}}" __complete "${{COMP_WORDS[@]:1:COMP_CWORD-1}}" "$cur" 2>/dev/null)
    COMPREPLY=()
    local each
    for each in "${{candidates[@]}}"; do [[ $each == "$cur"* ]] && COMPREPLY+=("$each"); done
    if (( (directive & 4) == 0 )) && [[ ${{#COMPREPLY[@]}} -eq 0 ]]; then compopt -o default 2>/dev/null; fi
    if (( (directive & 2) != 0 )); then compopt -o nospace 2>/dev/null; fi
}}
complete -F __{f}_complete {p}
"""

ZSH = """#compdef {p}
compdef _{f} {p}
_{f}() {{
    local line directive=0
    local -a candidates
    while IFS= read -r line; do
        if [[ $line == :* ]]; then directive=${{line#:}}
        else candidates+=("${{${{line%%$'\\t'*}}//:/\\\\:}}${{${{line#*$'\\t'}}:+:${{line#*$'\\t'}}}}")
        fi
    done < <("${{words[1]}}" __complete "${{(@)words[2,CURRENT]}}" 2>/dev/null)
    if (( ${{#candidates}} )); then _describe '{p}' candidates
    elif (( (directive & 4) == 0 )); then _files
    fi
}}
if [ "$funcstack[1]" = "_{f}" ]; then _{f}; fi
"""

FISH = """# fish completion for {p}
function __{f}_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
        string match -q ':*' -- $line; or echo $line
    end
end
complete -c {p} -f -a '(__{f}_complete)'
"""

POWERSHELL = """# powershell completion for {p}
Register-ArgumentCompleter -Native -CommandName '{p}' -ScriptBlock {{
    param($word, $ast, $position)
    $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ "$_" }})
    if ($word -eq '') {{ $words += '""' }}
    & '{p}' __complete @words 2>$null | Where-Object {{ $_ -notlike ':*' }} | ForEach-Object {{
        $parts = $_ -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($parts[0], $parts[0], 'ParameterValue', "$($parts[-1])")
    }}
}}
"""

SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH, "powershell": POWERSHELL}


def run(ctx: Context) -> int:
    """Print one shell's script."""
    if not ctx.args:
        raise ctx.usage("Shell not specified.")
    if len(ctx.args) > 1:
        raise ctx.usage("Too many arguments. Expected only the shell type.")
    if ctx.args[0] not in SHELLS:
        raise ctx.usage(f'Unsupported shell type "{ctx.args[0]}".')
    name = ctx.io.program
    ctx.io.out(SHELLS[ctx.args[0]].format(p=name, f=name.replace("-", "_")))
    return 0
