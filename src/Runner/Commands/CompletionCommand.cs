using System.CommandLine;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl completion SHELL</c>: a script that has a shell complete <c>etl</c>'s commands and options. The script asks <c>etl</c> itself, by System.CommandLine's suggest directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # etl completion bash > /etc/bash_completion.d/etl, or: source <(etl completion bash)
        _etl() {
          local word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
          COMPREPLY=($(compgen -W "$(etl "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _etl etl

        """;

    private const string Zsh = """
        #compdef etl
        # etl completion zsh > "${fpath[1]}/_etl", or after compinit: source <(etl completion zsh)
        _etl() {
          local line="${words[1,CURRENT]}"
          local -a found
          found=(${(f)"$(etl "[suggest:${#line}]" "$line" 2>/dev/null)"})
          compadd -a found
          # Where nothing but options is known to come next, a file may.
          local -a others=(${found:#-*})
          (( $#others )) || _files
        }
        # A file of fpath is run as the function itself the first time.
        if [[ "${funcstack[1]}" == _etl ]]; then _etl "$@"; else compdef _etl etl; fi

        """;

    private const string Fish = """
        # etl completion fish > ~/.config/fish/completions/etl.fish
        function __etl_complete
            set -l line (commandline -cp)
            set -l found (etl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -rv '^$')
            set -l words
            if set -q found[1]
                string join -- \n $found
                set words (string match -rv '^-' -- $found)
            end
            # Where nothing but options is known to come next, a file may.
            set -q words[1]; or __fish_complete_path (commandline -ct)
        end
        complete -c etl -f -a '(__etl_complete)'

        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes commands and options in a shell: source <(etl completion bash).") { shell };
        command.Does(async (parsed, cancel) =>
        {
            await Console.Out.WriteAsync((parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }).AsMemory(), cancel);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Whether a script asks what could come next: then a line that is not complete is no mistake.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments) => arguments.Count > 0 && arguments[0].StartsWith("[suggest", StringComparison.Ordinal);
}
