// A folder of the test's own, removed at its end.
#ifndef CLIENTBOOK_TESTS_ADAPTERS_SCRATCH_HPP
#define CLIENTBOOK_TESTS_ADAPTERS_SCRATCH_HPP

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace clientbook::testing {

class scratch {
 public:
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "clientbook_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Runs `body` in a child process and returns its wait status; what it returns is the exit code.
template <class Body>
int in_child(Body&& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

inline bool exited_with(int status, int code) {
  return WIFEXITED(status) && WEXITSTATUS(status) == code;
}
inline bool killed_by(int status, int signal) {
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

}  // namespace clientbook::testing

#endif
