"""`completion`: scripts that make a shell ask `__complete` for what may come next."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context

BASH = """# bash completion for {p}
__{f}_words() {{ # what was typed, up to the cursor: bash splits words at : and = too
    local at word glued rest=${{COMP_LINE:0:COMP_POINT}}
    words=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        glued=0
        [[ $at -gt 0 && -n $rest && $rest != [[:space:]]* ]] && glued=1
        rest=${{rest#"${{rest%%[![:space:]]*}}"}}
        word=${{COMP_WORDS[at]}}
        ((at == COMP_CWORD)) && word=$rest
        rest=${{rest#"$word"}}
        if ((glued)); then words[${{#words[@]}} - 1]+=$word; else words+=("$word"); fi
    done
}}
__{f}_filter() {{ # files that end in one of the extensions, and directories
    local each all
    for each in "$@"; do all+="|$each"; done
    local IFS=$'\\n'
    shopt -q extglob || {{ shopt -s extglob; local unset=1; }}
    COMPREPLY=($(compgen -f -X "!*.@(${{all#|}})" -- "$cur") $(compgen -d -- "$cur"))
    [[ -z $unset ]] || shopt -u extglob
    compopt -o filenames 2>/dev/null
}}
__start_{f}() {{
    local words line directive=0 cur program value text width=0 offered=()
    __{f}_words
    cur=${{words[${{#words[@]}} - 1]}} program=${{words[0]}}
    type -P -- "$program" >/dev/null || program={p}
    while IFS= read -r line; do
        case $line in
            :*) directive=${{line#:}} ;;
            _activeHelp_*) ((COMP_TYPE == 63)) && printf '\\n%s' "${{line#_activeHelp_ }}" >&2 ;;
            *) offered+=("$line") ;;
        esac
    done < <("$program" __complete "${{words[@]:1}}" 2>/dev/null)
    COMPREPLY=()
    (((directive & 1) == 0)) || return
    [[ $cur == -*=* ]] && cur=${{cur#*=}}
    (((directive & 2) == 0)) || compopt -o nospace 2>/dev/null
    (((directive & 4) == 0)) || compopt +o default 2>/dev/null
    (((directive & 32) == 0)) || compopt -o nosort 2>/dev/null
    if (((directive & 8) != 0)); then __{f}_filter "${{offered[@]}}"; return; fi
    if (((directive & 16) != 0)); then COMPREPLY=($(compgen -d -- "$cur")); return; fi
    local head=
    [[ $COMP_WORDBREAKS == *:* && $cur == *:* ]] && head=${{cur%"${{cur##*:}}"}}
    for line in "${{offered[@]}}"; do
        value=${{line%%$'\\t'*}}
        [[ $value == "$cur"* ]] && COMPREPLY+=("${{line#"$head"}}")
        ((${{#value}} <= width)) || width=${{#value}}
    done
    for line in "${{!COMPREPLY[@]}}"; do
        value=${{COMPREPLY[line]%%$'\\t'*}} text=${{COMPREPLY[line]#"$value"}}
        if [[ ${{#COMPREPLY[@]}} -eq 1 || -z $text || $COMP_TYPE -eq 37 || $COMP_TYPE -eq 42 ]]; then
            COMPREPLY[line]=$value
        else
            printf -v "COMPREPLY[line]" "%-${{width}}s  (%s)" "$value" "${{text#$'\\t'}}"
        fi
    done
}}
complete -o default -F __start_{f} {p}
"""

ZSH = """#compdef {p}
compdef _{f} {p}
_{f}() {{
    local line directive=0 program=${{words[1]}}
    local -a offered space order
    whence -p -- $program >/dev/null || program={p}
    while IFS= read -r line; do
        case $line in
            :*) directive=${{line#:}} ;;
            _activeHelp_*) compadd -x "${{line#_activeHelp_ }}" ;;
            *$'\\t'*) offered+=("${{${{line%%$'\\t'*}}//:/\\\\:}}:${{line#*$'\\t'}}") ;;
            *) offered+=("${{line//:/\\\\:}}") ;;
        esac
    done < <($program __complete "${{(@Q)words[2,CURRENT]}}" 2>/dev/null)
    (( directive & 1 )) && return
    [[ $PREFIX == -*=* ]] && compset -P '*='
    if (( directive & 8 )); then _files -g "*.(${{(j:|:)offered}})"; return; fi
    if (( directive & 16 )); then _files -/; return; fi
    (( directive & 2 )) && space=(-S '')
    (( directive & 32 )) && order=(-V)
    if (( ${{#offered}} )); then _describe "${{order[@]}}" '{p}' offered "${{space[@]}}"
    elif (( ! (directive & 4) )); then _files
    fi
}}
if [ "$funcstack[1]" = "_{f}" ]; then _{f}; fi
"""

FISH = """# fish completion for {p}
function __{f}_prepare
    set -g __{f}_offered
    set -l words (commandline -opc) (commandline -ct)
    set -l head (string match -r -- '^-.*?=' $words[-1]; or echo)
    set -l directive 0
    set -l program $words[1]
    type -q -f -- $program; or set program {p}
    for line in ($program __complete $words[2..-1] 2>/dev/null)
        if string match -qr -- '^:[0-9]+$' $line
            set directive (string sub -s 2 -- $line)
        else if not string match -q -- '_activeHelp_*' $line
            set -a __{f}_offered $head$line
        end
    end
    set -l is_empty (test (count $__{f}_offered) -eq 0; and echo yes)
    if test (math "bitand($directive, 25)") -ne 0; or begin; test -n "$is_empty"; and test (math "bitand($directive, 4)") -eq 0; end
        set -e __{f}_offered
        return 1
    end
    if test (math "bitand($directive, 2)") -ne 0; and test (count $__{f}_offered) -eq 1
        set -l value (string split -m 1 \\t -- $__{f}_offered[1])[1]
        string match -qr -- '[@=/:.,]$' $value; or set -a __{f}_offered "$value."
    end
    return 0
end
complete -c {p} -e
complete -c {p} -n '__{f}_prepare' -f -a '$__{f}_offered'
"""

POWERSHELL = """# powershell completion for {p}
function __{f}_offer($text, $shown, $about, $kind = 'ParameterValue') {{
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {{ return $text }}
    if (-not $about) {{ $about = $shown }} # a tooltip may not be empty
    [System.Management.Automation.CompletionResult]::new($text, $shown, $kind, $about)
}}
function __{f}_words($elements, $position) {{ # what was typed, up to the cursor
    foreach ($each in $elements) {{
        $start, $end = $each.Extent.StartOffset, $each.Extent.EndOffset
        if ($end -gt $position) {{ $each.Extent.Text.Substring(0, $position - $start) -replace '^["'']' }}
        elseif ($each -is [System.Management.Automation.Language.StringConstantExpressionAst]) {{ $each.Value }}
        else {{ $each.Extent.Text }}
    }}
    if ($end -lt $position) {{ '' }}
}}
function __{f}_files($head, $word, $endings) {{ # directories, and files that end in one of the extensions
    $found = @([System.Management.Automation.CompletionCompleters]::CompleteFilename($word) | Where-Object {{
        $_.ResultType -eq 'ProviderContainer' -or [IO.Path]::GetExtension($_.ListItemText).TrimStart('.') -in $endings
    }})
    if (-not $found) {{ return '' }}
    foreach ($each in $found) {{ __{f}_offer "$head$($each.CompletionText)" $each.ListItemText $each.ToolTip $each.ResultType }}
}}
function __{f}_key {{ # what the tab key does here
    if (Get-Command Get-PSReadLineKeyHandler -ErrorAction Ignore) {{
        Get-PSReadLineKeyHandler | Where-Object {{ $_.Key -eq 'Tab' }} | Select-Object -First 1 -ExpandProperty Function
    }}
}}
Register-ArgumentCompleter -Native -CommandName '{p}' -ScriptBlock {{
    param($word, $ast, $position)
    $ErrorActionPreference = 'Continue'
    $elements = @($ast.CommandElements | Where-Object {{ $_.Extent.StartOffset -lt $position }})
    $program, $words = @(__{f}_words $elements $position)
    $words = @($words)
    $word = $words[-1]
    if (-not (Get-Command $program -CommandType Application -ErrorAction Ignore)) {{ $program = '{p}' }}
    $passing = Get-Variable PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    if ("$passing" -in '', 'Legacy') {{ $words = @($words -replace '^$', '""') }} # else an empty word is lost on the way
    $code = $global:LASTEXITCODE
    $lines = @(& $program __complete @words 2>$null)
    $global:LASTEXITCODE = $code
    $directive = 0
    if ("$($lines | Select-Object -Last 1)" -match '^:(\\d+)$') {{ $directive = [int]$Matches[1] }}
    $lines = @($lines | Where-Object {{ $_ -notmatch '^(:\\d+$|_activeHelp_)' }})
    if ($directive -band 1) {{ return }}
    $head = ''
    if ($word -match '^(--[^=]*=)(.*)$') {{ $head, $word = $Matches[1], $Matches[2] }}
    if ($directive -band 24) {{
        if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {{ return }}
        if ($directive -band 16) {{ $lines = @() }}
        return __{f}_files $head $word $lines
    }}
    $offers = @($lines | ForEach-Object {{
        $name, $about = $_ -split "`t", 2
        [pscustomobject]@{{ Name = $name; About = $about }}
    }})
    if (-not $offers) {{ if ($directive -band 4) {{ '' }}; return }}
    if (-not ($directive -band 32)) {{ $offers = @($offers | Sort-Object Name) }}
    $key = "$(__{f}_key)"
    $space = if ($directive -band 2) {{ '' }} else {{ ' ' }}
    $width = ($offers | ForEach-Object {{ $_.Name.Length }} | Measure-Object -Maximum).Maximum
    foreach ($each in $offers) {{
        $text = $head + ($each.Name -replace '[\\s#@$;,''{{}}()"`|<>&]', '`$&')
        $shown = $each.Name
        if ($key -eq 'MenuComplete' -or ($key -eq 'Complete' -and $offers.Count -eq 1)) {{ $text += $space }}
        elseif ($key -eq 'Complete' -and $each.About) {{ $shown = "$($shown.PadRight($width))  ($($each.About))" }}
        __{f}_offer $text $shown $each.About
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
